// Loaded by every page. Each part looks for what concerns it and does nothing where there is none.
import { startClocks } from "./clock.js";
import { startCurtain } from "./curtain.js";
import { startForms } from "./forms.js";
import { startHelp } from "./help.js";
import { startHolds } from "./hold.js";
import { startLive } from "./live.js";
import { startOutbox } from "./outbox.js";
import { startSession } from "./session.js";
import { startSheets } from "./sheets.js";
import { startShell } from "./shell.js";

startClocks();
startHolds();
startSheets();
startHelp();
startForms();
startOutbox();
startLive();
startSession();
startCurtain();
startShell();
