// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/objectheader.h"

#include "ui/theme/theme.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/textlabel.h"

#include <QClipboard>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

ObjectHeader::ObjectHeader(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    auto* top = new QHBoxLayout;
    m_name = makeTitle({}, this);
    m_name->setObjectName(u"objectName"_s);
    m_name->setWordWrap(true);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_badge = new StatusBadge(this);
    top->addWidget(m_name, 1);
    top->addWidget(m_badge, 0, Qt::AlignTop);
    layout->addLayout(top);
    m_form = new QFormLayout;
    m_form->setHorizontalSpacing(theme::spacing(3));
    m_form->setVerticalSpacing(theme::spacing(1));
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->addLayout(m_form);
    m_copy = new QPushButton(theme::icon(u"copy"_s), tr("Copy &id"), this);
    m_copy->setObjectName(u"copyId"_s);
    layout->addWidget(m_copy, 0, Qt::AlignLeft);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_id);
        emit idCopied();
    });
}

void ObjectHeader::show(const QString& name, const QString& id, const Attributes& attributes)
{
    m_id = id;
    m_name->setText(name.isEmpty() ? id : name);
    while (m_form->rowCount() > 0) {
        m_form->removeRow(0);
    }
    for (const auto& [label, value] : attributes) {
        auto* key = new TextLabel(label, this);
        key->setRole(theme::Role::Muted);
        auto* text = makeTextLabel(value.isEmpty() ? tr("–") : value, this);
        text->setAccessibleName(label);
        m_form->addRow(key, text);
    }
}

} // namespace portreeve
