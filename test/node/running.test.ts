/** What needs a running stack, and can share it: one after the other, since some read the emulator's log. */
import './running/every-operation.ts'
import './running/raw-socket.ts'
import './running/warden-keys.ts'
import './running/warden-policy.ts'
