// Loads the scripts that a page needs only once somebody uses it, so that it shows sooner.

let loading;

// Resolves when they run.
export function loadLater() {
  loading ??= new Promise((resolve) => {
    const src = document.documentElement.dataset.later;
    document.head.append(Object.assign(document.createElement('script'), { type: 'module', src, onload: resolve }));
  });
  return loading;
}

['pointermove', 'pointerdown', 'keydown', 'focusin'].forEach((type) => addEventListener(type, loadLater, { once: true }));
