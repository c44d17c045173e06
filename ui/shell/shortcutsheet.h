// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/widgets/readingorder.h"

#include <QDialog>

namespace portreeve {

class ActionRegistry;

/// Every action with its keys.
class ShortcutSheet final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    ShortcutSheet(const ActionRegistry& actions, QWidget* parent);
};

} // namespace portreeve
