// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QPointer>
#include <QWidget>

namespace portreeve {

/// For a button that is dead while the work it started goes on. Disabled with the focus on it, it
/// loses it to whatever comes next, where Space would press something nobody meant; this gives it
/// back once the button is enabled again, unless somebody moved it meanwhile.
class FocusReturn final : public QObject
{
    Q_OBJECT

public:
    /// Owned by @p button.
    explicit FocusReturn(QWidget* button);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* m_button;
    QPointer<QWidget> m_movedTo; ///< null when the button did not lose the focus
};

} // namespace portreeve
