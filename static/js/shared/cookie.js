// Cookies that the server reads when it renders a page.

import { basePath } from './base-path.js';

export const setCookie = (name, value) => {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=${basePath || '/'}; max-age=31536000; samesite=lax`;
};

export const hasCookie = (name, value) => document.cookie.split('; ').includes(`${name}=${encodeURIComponent(value)}`);
