// Scrolls the row of tabs so that the current one is visible on a narrow screen.

const tab = document.querySelector('.tabs [aria-current=page]');
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 12;
