// Whether the shortcuts of single keys are switched off.

import { readPreference } from '../shared/preference.js';

export const SINGLE_KEYS = 'single-keys';

export const areKeysOff = () => (readPreference(SINGLE_KEYS) ?? document.documentElement.dataset.keys) === 'off';
