// The parts of an incident's or alert's element that do not belong to another one inside of it: the pane of an alert
// stands inside of the page of its incident.

export const ownParts = (root, selector) => [...root.querySelectorAll(selector)].filter((part) => part.closest('[data-stream]') === root);

export const ownPart = (root, selector) => ownParts(root, selector)[0];
