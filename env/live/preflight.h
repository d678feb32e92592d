// Why this kernel cannot be scheduled from here, as one line that names the cause and the mend.
#pragma once

#include "env/base/result.h"

namespace quanta {

Status check_can_schedule();

}  // namespace quanta
