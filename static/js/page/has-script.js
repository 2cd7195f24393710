// Lets style sheets know that scripts run.

document.documentElement.classList.add('js');
