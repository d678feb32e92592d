#include "agent/cli/cli.h"

int main(int argc, char** argv) {
  return quanta::run_cli(argc, argv);
}
