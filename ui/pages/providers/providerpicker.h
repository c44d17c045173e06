// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QListWidget>

namespace portreeve {

struct ConnectorDescriptor;

/// Every kind of identity provider of this build, with one sentence each.
class ProviderPicker final : public QListWidget
{
    Q_OBJECT

public:
    explicit ProviderPicker(QWidget* parent);

    const ConnectorDescriptor* current() const; ///< null when none is chosen
};

} // namespace portreeve
