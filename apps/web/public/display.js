// What the reader chose for the display, put on the page before anything is drawn. A file of its own, for the page allows no script inside it.
'use strict';
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const put = (name, value, known) => {
    if (known.includes(value)) root.dataset[name] = value;
    else delete root.dataset[name];
  };
  const wantsContrast = matchMedia('(prefers-contrast: more)');
  window.applyDisplay = () => {
    put('theme', kept('nhacviec.theme'), ['light', 'dark']);
    put('contrast', wantsContrast.matches ? 'high' : kept('nhacviec.contrast'), ['high']);
    put('size', kept('nhacviec.size'), ['125', '150']);
    root.lang = kept('nhacviec-language') === 'en' ? 'en' : 'vi';
  };
  wantsContrast.addEventListener('change', window.applyDisplay);
  window.addEventListener('storage', window.applyDisplay);
  window.applyDisplay();
})();
