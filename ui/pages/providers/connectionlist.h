// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/widgets/statelist.h"

namespace portreeve {

struct AppContext;

/// The connections with state and schedule, as a page's list shows them.
std::vector<StateList::Entry> connectionEntries(const AppContext& context);

} // namespace portreeve
