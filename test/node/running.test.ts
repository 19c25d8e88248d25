/** The life of one clone, from its first start to its second: in this order, since some read the emulator's log. */
import './running/first-start.ts'
import './running/printed-lines.ts'
import './running/every-operation.ts'
import './running/raw-socket.ts'
import './running/warden-keys.ts'
import './running/warden-policy.ts'
import './running/second-start.ts'
