/** What the composer shows while a card is open, for one import() (composer-loader.js). */

import "./send-choice.js";
import "./waiting-line.js";
