#pragma once
#include "gateway/base/deadlines.hpp"
#include "gateway/base/task.hpp"
#include "gateway/upstream/back_off.hpp"
#include "gateway/upstream/pool.hpp"

namespace gateway::upstream {

/// Opens connections to the upstream ahead of need: as soon as one is taken, another is on its way, one after
/// the other, as many as recent demand calls for (`pool::lacks`). An upstream that refuses, or ends what
/// nobody has used yet, is left alone for a while.
class warm_keeper {
public:
    /// All must outlive the keeper. `random` gives numbers in [0, 1).
    warm_keeper(pool& of, wake_queue& wakes, deadlines& wheel, std::function<double()> random);

    [[nodiscard]] task<> keep(); ///< never returns

private:
    pool& pool_;
    deadlines& wheel_;
    waker wake_;
    back_off refused_;
};

} // namespace gateway::upstream
