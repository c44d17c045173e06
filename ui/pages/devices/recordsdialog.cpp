// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/devices/recordsdialog.h"

#include "ui/theme/theme.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

RecordsDialog::RecordsDialog(const QJsonArray& records, QWidget* parent)
    : InReadingOrder(parent)
{
    setObjectName(u"recordsDialog"_s);
    setWindowTitle(tr("Records of the device"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* text
        = new QPlainTextEdit(records.isEmpty() ? tr("The proxy has none of its records any more.")
                                               : QString::fromUtf8(QJsonDocument(records).toJson()),
            this);
    text->setObjectName(u"recordsText"_s);
    text->setAccessibleName(windowTitle());
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    copy->setIcon(theme::icon(u"copy"_s));
    copy->setObjectName(u"copyRecords"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(text, 1);
    layout->addWidget(buttons);
    constexpr int columns = 90;
    constexpr int lines = 32;
    resize(fontMetrics().averageCharWidth() * columns, fontMetrics().lineSpacing() * lines);
    connect(copy, &QPushButton::clicked, this,
        [text] { QGuiApplication::clipboard()->setText(text->toPlainText()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace portreeve
