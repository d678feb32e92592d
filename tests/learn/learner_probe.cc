// Makes a learner and says what came of it: for tests of where its library is looked for.
#include <cstdio>

#include "agent/learn/learner.h"

int main() {
  const auto learner = quanta::make_learner({});
  std::puts(learner ? "ok" : learner.error().message.c_str());
  return learner ? 0 : 1;
}
