// Closes menus (<details data-menu>) on Escape and on a click outside.

const openMenus = () => document.querySelectorAll('details[data-menu][open]');

document.addEventListener('click', (event) => openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  openMenus().forEach((menu) => { menu.open = false; menu.querySelector('summary').focus(); event.preventDefault(); });
});
