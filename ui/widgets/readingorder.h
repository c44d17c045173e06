// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

namespace portreeve {

/// Moves the focus from where it is in @p window to the next widget that takes Tab, or the previous
/// one, as the layouts stand now, and around at the end. @return false when nothing takes Tab
bool moveFocusInReadingOrder(QWidget& window, bool isForward);

/// A window whose Tab key follows its layouts. Qt would follow the order in which widgets were made
/// and leaves what appears later (a banner, a card, another page of a form) behind everything else.
template <typename Window> class InReadingOrder : public Window
{
public:
    using Window::Window;

protected:
    bool focusNextPrevChild(bool next) override { return moveFocusInReadingOrder(*this, next); }
};

} // namespace portreeve
