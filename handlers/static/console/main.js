// What runs on every page of the console. Each module looks for its own marks and does nothing without them.
import "./calls.js";
import "./case.js";
import "./drafts.js";
import "./help.js";
import "./keys.js";
import "./lines.js";
import "./news.js";
