// Prints the golden signatures as they are now: sim_golden >tests/golden/sim.txt
#include <cstdio>

#include "tests/sim/golden.h"

int main() {
  std::fputs(quanta::golden_lines().c_str(), stdout);
}
