// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/session.h"

namespace portreeve::ldap {

struct Totals
{
    std::int64_t entries = 0; ///< entries of repeated pages count once
    std::vector<QString> references {};
};

/// Reads a whole answer page by page. A server that is busy or finds the page too large gets
/// another chance with a smaller one, after a pause. Ends well only at the server's own end mark:
/// what stops earlier is an error, never a short answer.
Result<Totals> searchAll(Session& session, const RunContext& run, const Search& search,
    int pageSize, const EntrySink& sink);

} // namespace portreeve::ldap
