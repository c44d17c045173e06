// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QPointer>
#include <QWidget>

#include <vector>

namespace portreeve {

/// For buttons that are dead while the work one of them started goes on. Disabled with the focus on
/// it, a button loses it to whatever comes next, where Space would press something nobody meant,
/// and that may be the next to be disabled; this gives it back to the first once that is enabled
/// again, unless somebody moved it meanwhile.
class FocusReturn final : public QObject
{
    Q_OBJECT

public:
    /// @param buttons  of one window, which are disabled and enabled together
    FocusReturn(const std::vector<QWidget*>& buttons, QObject* parent);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QPointer<QWidget> m_from; ///< the button that lost the focus; null = none did
    QPointer<QWidget> m_movedTo;
};

} // namespace portreeve
