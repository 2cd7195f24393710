// On a narrow screen the tab of this page may stand beyond the edge of its row: scrolls it into sight.

const tab = document.querySelector('.tabs [aria-current=page]');
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 12;
