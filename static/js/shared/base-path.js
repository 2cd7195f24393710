// The addresses of this server, which may be served below a path.

// The path, such as "/watchdesk"; empty at the root.
export const basePath = document.documentElement.dataset.basePath || '';

// The address of a path from the root, such as "/incidents".
export const addressOf = (path) => basePath + path;
