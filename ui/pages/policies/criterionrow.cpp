// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/criterionrow.h"

#include "ui/models/criterioncatalog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QToolButton* makeButton(const QString& name, const QString& tip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}

bool isClaim(const policy::Criterion& criterion)
{
    const CriterionType* type = criterionType(criterion.name);
    return type != nullptr && type->shape == CriterionShape::Claim;
}

} // namespace

CriterionRow::CriterionRow(
    policy::Criterion criterion, const PolicyEnvironment& environment, QWidget* parent)
    : QWidget(parent)
    , m_criterion(std::move(criterion))
{
    setObjectName(u"criterionRow"_s);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, theme::spacing(1), 0, theme::spacing(1));
    row->setSpacing(theme::spacing(2));
    auto* title = new TextLabel(criterionTitle(m_criterion), this);
    title->setWordWrap(true);
    title->setFixedWidth(fontMetrics().averageCharWidth() * 20);
    title->setContentsMargins(0, theme::spacing(1), 0, 0);
    row->addWidget(title, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->setSpacing(theme::spacing(1));
    row->addLayout(column, 1);
    buildEditor(column, environment);
    addBadges(column);
    column->addStretch();
    buildButtons(row);
    setAccessibleName(criterionTitle(m_criterion));
    title->setBuddy(m_claimPath != nullptr ? static_cast<QWidget*>(m_claimPath) : m_editor);
}

void CriterionRow::buildEditor(QVBoxLayout* column, const PolicyEnvironment& environment)
{
    if (isClaim(m_criterion)) {
        m_claimPath = new QLineEdit(m_criterion.subPath, this);
        m_claimPath->setObjectName(u"claimPath"_s);
        m_claimPath->setAccessibleName(tr("Name of the claim"));
        m_claimPath->setPlaceholderText(tr("Name of the claim, e.g. realm_access.roles"));
        connect(m_claimPath, &QLineEdit::textChanged, this, &CriterionRow::takeEdit);
        column->addWidget(m_claimPath);
    }
    m_editor = makeCriterionEditor(m_criterion, environment, this);
    connect(m_editor, &CriterionEditor::edited, this, &CriterionRow::takeEdit);
    column->addWidget(m_editor);
}

void CriterionRow::addBadges(QVBoxLayout* column)
{
    const CriterionType* type = criterionType(m_criterion.name);
    if (type == nullptr || *type->warning == '\0') {
        return;
    }
    auto* warning = makeTextLabel(tr("⚠ %1").arg(criterionText(type->warning)), this);
    warning->setObjectName(u"warningBadge"_s);
    warning->setRole(theme::Role::Warning);
    column->addWidget(warning);
}

void CriterionRow::buildButtons(QHBoxLayout* row)
{
    m_up = makeButton(u"moveUp"_s, tr("Move up (Alt+Up)"), this);
    m_up->setArrowType(Qt::UpArrow);
    m_down = makeButton(u"moveDown"_s, tr("Move down (Alt+Down)"), this);
    m_down->setArrowType(Qt::DownArrow);
    auto* remove = makeButton(u"remove"_s, tr("Remove this condition (Ctrl+Delete)"), this);
    remove->setText(u"×"_s);
    for (QToolButton* button : { m_up, m_down, remove }) {
        row->addWidget(button, 0, Qt::AlignTop);
    }
    connect(m_up, &QToolButton::clicked, this, [this] { emit moveRequested(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { emit moveRequested(1); });
    connect(remove, &QToolButton::clicked, this, &CriterionRow::removeRequested);
    const auto shortcut = [this](const QKeySequence& keys, QToolButton* button) {
        auto* key = new QShortcut(keys, this);
        key->setContext(Qt::WidgetWithChildrenShortcut);
        connect(key, &QShortcut::activated, button, &QToolButton::click);
    };
    shortcut(QKeySequence(Qt::ALT | Qt::Key_Up), m_up);
    shortcut(QKeySequence(Qt::ALT | Qt::Key_Down), m_down);
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_Delete), remove);
}

void CriterionRow::setMovable(bool up, bool down)
{
    m_up->setEnabled(up);
    m_down->setEnabled(down);
}

void CriterionRow::focusEditor()
{
    for (QWidget* child : findChildren<QWidget*>()) {
        if (child->focusPolicy() != Qt::NoFocus && child->isEnabledTo(this)
            && child->isVisibleTo(this)) {
            child->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
}

void CriterionRow::takeEdit()
{
    m_criterion.data = m_editor->data();
    if (m_claimPath != nullptr) {
        m_criterion.subPath = m_claimPath->text().trimmed();
    }
    emit edited(m_criterion);
}

} // namespace portreeve
