// Stores the browser's time zone in a cookie, for the server. The first page was rendered without it,
// so its times are converted here.

import { hasCookie, setCookie } from '../shared/cookie.js';

function showLocally(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const parts = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (at.getFullYear() !== new Date().getFullYear()) parts.year = 'numeric';
  if (/:\d\d:\d\d/.test(time.textContent)) { parts.second = '2-digit'; parts.year = 'numeric'; }
  time.textContent = new Intl.DateTimeFormat('en-US', parts).format(at).replace(/(\d{4}),/, '$1').replace(/(\d+), (\d\d:)/, '$1, $2');
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
if (!hasCookie('tz', zone)) {
  setCookie('tz', zone);
  if (!('zone' in document.documentElement.dataset)) document.querySelectorAll('time[datetime]:not([data-relative])').forEach(showLocally);
}
