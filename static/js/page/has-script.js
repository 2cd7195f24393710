// Tells the styles that scripts run.

document.documentElement.classList.add('js');
