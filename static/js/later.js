// The scripts that a page needs only once somebody uses it: loaded at the first movement, touch, key or focus.

import './keys/help.js';
import './comments/preview.js';
import './comments/mention.js';
import './incident/editing.js';
import './later/entity-card.js';
