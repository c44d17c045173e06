// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/confirmdialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/textlabel.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

ConfirmDialog::ConfirmDialog(const Question& question, QWidget* parent)
    : InReadingOrder(parent)
{
    setObjectName(u"confirmDialog"_s);
    setWindowTitle(question.title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* icon = new IconLabel(this);
    icon->setIcon(theme::icon(u"warning"_s, theme::Role::Warning), theme::iconExtent(2));
    auto* text = makeHeading(question.text, this);
    text->setObjectName(u"confirmText"_s);
    text->setWordWrap(true);
    auto* details = makeTextLabel(question.details, this);
    details->setVisible(!question.details.isEmpty());

    auto* buttons = new QDialogButtonBox(this);
    auto* cancel = buttons->addButton(QDialogButtonBox::Cancel);
    auto* confirm = buttons->addButton(question.verb, QDialogButtonBox::DestructiveRole);
    confirm->setObjectName(u"confirmButton"_s);
    confirm->setAutoDefault(false);
    cancel->setDefault(true);

    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(
        theme::spacing(5), theme::spacing(5), theme::spacing(5), theme::spacing(4));
    layout->setHorizontalSpacing(theme::spacing(4));
    layout->setVerticalSpacing(theme::spacing(3));
    layout->addWidget(icon, 0, 0, 2, 1, Qt::AlignTop);
    layout->addWidget(text, 0, 1);
    layout->addWidget(details, 1, 1);
    layout->setColumnMinimumWidth(1, fontMetrics().averageCharWidth() * 56);
    if (!question.typedName.isEmpty()) {
        auto* prompt = makeTextLabel(tr("Type “%1” to confirm:").arg(question.typedName), this);
        auto* typed = new QLineEdit(this);
        typed->setObjectName(u"confirmTyped"_s);
        typed->setAccessibleName(prompt->text());
        layout->addWidget(prompt, 2, 1);
        layout->addWidget(typed, 3, 1);
        confirm->setEnabled(false);
        connect(typed, &QLineEdit::textChanged, confirm,
            [confirm, name = question.typedName](
                const QString& now) { confirm->setEnabled(now.trimmed() == name); });
    }
    if (!question.alternative.isEmpty()) {
        auto* other = buttons->addButton(question.alternative, QDialogButtonBox::ActionRole);
        other->setObjectName(u"alternativeButton"_s);
        other->setAutoDefault(false);
        connect(other, &QPushButton::clicked, this, [this] {
            m_answer = Answer::Alternative;
            accept();
        });
    }
    layout->addWidget(buttons, 4, 0, 1, 2);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(confirm, &QPushButton::clicked, this, [this] {
        m_answer = Answer::Confirmed;
        accept();
    });
    cancel->setFocus();
}

ConfirmDialog* ConfirmDialog::ask(
    QWidget* parent, const Question& question, std::function<void(Answer)> answered)
{
    auto* dialog = new ConfirmDialog(question, parent->window());
    connect(dialog, &QDialog::finished, parent,
        [dialog, answered = std::move(answered)] { answered(dialog->m_answer); });
    dialog->open();
    return dialog;
}

ConfirmDialog* ConfirmDialog::confirm(
    QWidget* parent, const Question& question, std::function<void()> confirmed)
{
    return ask(parent, question, [confirmed = std::move(confirmed)](Answer answer) {
        if (answer == Answer::Confirmed) {
            confirmed();
        }
    });
}

} // namespace portreeve
