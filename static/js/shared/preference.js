// Preferences kept in this browser. Storage may be switched off: then they last as long as the page.

export const readPreference = (name) => { try { return localStorage.getItem(`watchdesk:${name}`); } catch { return null; } };

export const writePreference = (name, value) => { try { localStorage.setItem(`watchdesk:${name}`, value); } catch { /* see above */ } };
