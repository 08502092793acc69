// An edit of a cell is taken as its editor last drew it. Where Enter follows at once, as on a busy machine, that is what
// stood there before, and the edit is lost: the key waits its turn.
if (!window.msCells) {
  window.msCells = true;
  document.addEventListener('keydown', event => {
    const {key, code, keyCode, shiftKey, target} = event;
    const ends = key === 'Enter' || key === 'Tab';
    if (!event.isTrusted || event.isComposing || !ends || !target.classList?.contains('gdg-input')) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const again = new KeyboardEvent('keydown', {key, code, keyCode, shiftKey, bubbles: true, cancelable: true});
    setTimeout(() => target.dispatchEvent(again));
  }, true);
}
