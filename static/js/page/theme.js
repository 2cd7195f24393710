// The button that switches between the light and the dark theme.

import { setCookie } from '../shared/cookie.js';

const root = document.documentElement;
const button = document.querySelector('[data-theme-switch]');
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);

function showLabel() {
  button.textContent = isDark() ? 'Use the light theme' : 'Use the dark theme';
}

if (button) {
  button.hidden = false;
  showLabel();
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    setCookie('theme', root.dataset.theme);
    showLabel();
  });
}
