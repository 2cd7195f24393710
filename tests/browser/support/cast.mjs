// People of the cast, by the names that they have everywhere (src/demo/cast.rs).
export const ANALYSTS = {
  dana: { displayName: 'Dana Reyes' },
  omar: { displayName: 'Omar Haddad' },
};
export const WITH_ADMINISTRATOR = { ...ANALYSTS, ada: { displayName: 'Ada Novak', role: 'administrator' } };
