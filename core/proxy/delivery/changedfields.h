// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/changeset.h"

#include <vector>

namespace portreeve {

/// The fields a delivery changes in one object, as a person compares them.
class ChangedFields
{
public:
    /// Keeps the field when it differs.
    void add(const QString& name, const QString& before, const QString& after);
    void add(const QString& name, const std::vector<QString>& before,
        const std::vector<QString>& after); ///< an item a line

    std::vector<AttributeChange> take() { return std::move(m_fields); }

private:
    std::vector<AttributeChange> m_fields;
};

} // namespace portreeve
