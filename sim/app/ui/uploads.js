// Streamlit calls its room for files decoration and names it all the same: it is a group of that name.
if (!window.msUploads) {
  window.msUploads = true;
  const decoration = '[data-testid="stFileUploaderDropzone"][role="presentation"]';
  const mend = () => document.querySelectorAll(decoration).forEach(room => room.setAttribute('role', 'group'));
  new MutationObserver(mend).observe(document.body, {childList: true, subtree: true});
  mend();
}
