// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/widgets/readingorder.h"

#include <QDialog>
#include <QJsonArray>

namespace portreeve {

/// The records of a device as the proxy keeps them, to be read and copied.
class RecordsDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    RecordsDialog(const QJsonArray& records, QWidget* parent);
};

} // namespace portreeve
