// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Places: where in the output the bytes of a unit stand.
#pragma once

#include "core/shards/work.h"

namespace qs {

/// Bytes of a unit that stand one behind the other in a file of the output. Machines write into that file at once, and
/// a file system may keep and send whole pages: so a unit writes there only blocks that are all its own, and what lies
/// in blocks with others waits in the unit's part.
struct Place {
    std::size_t file = 0; ///< of WorkPlan::files
    std::uint64_t begin = 0;
    std::uint64_t bytes = 0;
    std::uint64_t from = 0; ///< among all bytes of the unit, as they follow each other in the files
    bool inPart = false;
    std::uint64_t partBegin = 0; ///< in the part, of what waits there

    std::uint64_t end() const { return begin + bytes; }
    std::uint64_t to() const { return from + bytes; }
};

/// All bytes of one unit.
struct UnitPlaces {
    std::vector<Place> places; ///< in the order of the files and of the bytes in them
    std::uint64_t partBytes = 0;

    bool writesOutput() const;
};

/// Of a unit whose tensors the work knows.
UnitPlaces placesOf(const Work &work, std::size_t unit);

/// Its tensors, at their offsets among all bytes of the unit.
std::vector<OutputTensor> tensorsOf(const Work &work, std::size_t unit);

} // namespace qs
