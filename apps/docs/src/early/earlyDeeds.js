// Runs in the head of every page, before anything is drawn. Until the page's scripts have come its controls are disabled. What a reader
// does meanwhile is kept here, and done when the part of the page that it was done to answers: see earlyDeeds.ts.
(() => {
  const controls = 'button, input, select';
  const deeds = [];
  const early = { files: [], takesDrops: true, answer };
  window.labEarly = early;

  /** A disabled control takes no event, so it is found by its place. */
  function controlAt({ clientX: x, clientY: y }) {
    for (const part of document.querySelectorAll('.interactive:disabled')) {
      for (const control of part.querySelectorAll(controls)) {
        const boxes = [control, ...(control.labels ?? [])].flatMap((one) => [...one.getClientRects()]);
        if (boxes.some(({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom))
          return control;
      }
    }
    return null;
  }

  function say() {
    document.documentElement.toggleAttribute('data-waiting', deeds.length > 0);
  }

  function isText(control) {
    return control.matches('input:not([type]), input[type="text"], input[type="search"], input[type="number"]');
  }

  /** Does what was done to the controls of a part of the page. */
  function answer(part) {
    for (const deed of deeds.filter(({ control }) => part.contains(control))) {
      const { control, text } = deed;
      deeds.splice(deeds.indexOf(deed), 1);
      control.removeAttribute('aria-busy');
      control.focus();
      if (isText(control)) {
        if (text !== '') document.execCommand('insertText', false, text);
      } else if (control.matches('button, [type="checkbox"], [type="radio"]')) control.click();
    }
    say();
  }

  addEventListener(
    'click',
    (event) => {
      const control = controlAt(event);
      if (control === null) return;
      event.preventDefault();
      control.setAttribute('aria-busy', 'true');
      deeds.push({ control, text: '' });
      say();
    },
    true,
  );
  addEventListener(
    'keydown',
    (event) => {
      const last = deeds.at(-1);
      if (last === undefined || !isText(last.control) || event.key.length !== 1 || event.ctrlKey || event.metaKey)
        return;
      event.preventDefault();
      last.text += event.key;
    },
    true,
  );
  addEventListener('dragover', (event) => early.takesDrops && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!early.takesDrops) return;
    // The browser would leave the page for the file.
    event.preventDefault();
    early.files = [...(event.dataTransfer?.files ?? [])];
  });
})();
