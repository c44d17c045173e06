// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/widgets/readingorder.h"

#include <QDialog>

#include <functional>

namespace portreeve {

/// Asks before something that cannot be undone: names the object and the numbers, the verb is on
/// the button, the safe answer has the focus. Window-modal, never blocks.
class ConfirmDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    struct Question
    {
        QString title {};
        QString text {}; ///< one sentence with the object's name and the numbers
        QString details {}; ///< what follows from it; may be empty
        QString verb {}; ///< "Remove connection"
        QString typedName {}; ///< must be typed before the verb can be pressed; empty = need not
        QString alternative {}; ///< a second, milder verb, e.g. "Discard"; empty = none
    };

    enum class Answer { Cancel, Confirmed, Alternative };

    /// Opens the dialog over @p parent's window; @p answered is called once unless @p parent dies.
    static ConfirmDialog* ask(
        QWidget* parent, const Question& question, std::function<void(Answer)> answered);

    /// The common case: @p confirmed is called on the verb only.
    static ConfirmDialog* confirm(
        QWidget* parent, const Question& question, std::function<void()> confirmed);

private:
    ConfirmDialog(const Question& question, QWidget* parent);

    Answer m_answer = Answer::Cancel;
};

} // namespace portreeve
