// Going back leads to the page before: what a page notes in its address is no step of its own.
if (!window.msHistory) {
  window.msHistory = true;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const same = new URL(url ?? location.href, location.href).pathname === location.pathname;
    (same ? history.replaceState.bind(history) : push)(state, title, url);
  };
}
