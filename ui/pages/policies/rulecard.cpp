// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/rulecard.h"

#include "ui/models/criterioncatalog.h"
#include "ui/models/policysentences.h"
#include "ui/pages/policies/criterionrow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cstring>

using namespace Qt::StringLiterals;

namespace portreeve {

using policy::Action;
using policy::Operator;

RuleCard::RuleCard(
    PolicyEdits& edits, std::size_t rule, PolicyEnvironment environment, QWidget* parent)
    : QFrame(parent)
    , m_edits(edits)
    , m_rule(rule)
    , m_environment(std::move(environment))
{
    setObjectName(u"ruleCard"_s);
    auto* layout = new QVBoxLayout(this);
    const int margin = theme::spacing(3);
    layout->setContentsMargins(margin + theme::spacing(2), margin, margin, margin);
    layout->setSpacing(theme::spacing(2));
    buildHeader(layout);
    m_sentence = makeTextLabel({}, this);
    m_sentence->setObjectName(u"sentence"_s);
    layout->addWidget(m_sentence);
    buildTrapNote(layout);
    for (std::size_t list = 0; list < this->rule().lists.size(); ++list) {
        layout->addWidget(buildList(list));
    }
    layout->addWidget(makeAddList(), 0, Qt::AlignLeft);
    refreshSentence();
}

const policy::Rule& RuleCard::rule() const
{
    return m_edits.document().policy().rules[m_rule];
}

void RuleCard::buildHeader(QVBoxLayout* layout)
{
    auto* header = new QHBoxLayout;
    m_action = new QComboBox(this);
    m_action->setObjectName(u"action"_s);
    m_action->setAccessibleName(tr("Block %1: allow or deny").arg(m_rule + 1));
    m_action->addItem(theme::icon(u"success"_s, theme::Role::Success), tr("Allow"),
        static_cast<int>(Action::Allow));
    m_action->addItem(
        theme::icon(u"stop"_s, theme::Role::Error), tr("Deny"), static_cast<int>(Action::Deny));
    m_action->setCurrentIndex(m_action->findData(static_cast<int>(rule().action)));
    connect(m_action, &QComboBox::currentIndexChanged, this, [this] {
        m_edits.setAction(m_rule, static_cast<Action>(m_action->currentData().toInt()));
        emit structureChanged(std::nullopt);
    });
    header->addWidget(m_action);
    header->addWidget(makeMutedLabel(rule().action == Action::Allow
                              ? tr("Lets people in when its condition holds.")
                              : tr("Keeps people out, whatever allows them."),
                          this),
        1);
    addRuleButtons(header);
    layout->addLayout(header);
}

void RuleCard::addRuleButtons(QHBoxLayout* header)
{
    const auto add = [&](const QString& name, const QString& tip, Qt::ArrowType arrow) {
        auto* button = new QToolButton(this);
        button->setObjectName(name);
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setAutoRaise(true);
        button->setArrowType(arrow);
        header->addWidget(button);
        return button;
    };
    const auto addMove = [&](const QString& name, const QString& tip, Qt::ArrowType arrow, int by) {
        QToolButton* button = add(name, tip, arrow);
        button->setEnabled(m_edits.canMoveRule(m_rule, by));
        connect(button, &QToolButton::clicked, this, [this, by] {
            m_edits.moveRule(m_rule, by);
            emit structureChanged(std::nullopt);
        });
    };
    addMove(u"moveRuleUp"_s, tr("Move this block up"), Qt::UpArrow, -1);
    addMove(u"moveRuleDown"_s, tr("Move this block down"), Qt::DownArrow, 1);
    QToolButton* remove = add(u"removeRule"_s, tr("Remove this block"), Qt::NoArrow);
    remove->setText(u"×"_s);
    connect(remove, &QToolButton::clicked, this, [this] {
        m_edits.removeRule(m_rule);
        emit structureChanged(std::nullopt);
    });
}

void RuleCard::buildTrapNote(QVBoxLayout* layout)
{
    if (rule().lists.size() < 2) {
        return;
    }
    auto* note = makeTextLabel(
        tr("⚠ The sections of one block are alternatives: one that holds is enough. They do not "
           "restrict each other. To keep people out, use a deny block."),
        this);
    note->setObjectName(u"trapNote"_s);
    note->setRole(theme::Role::Warning);
    auto* split = new QPushButton(tr("Make separate blocks"), this);
    split->setObjectName(u"splitLists"_s);
    connect(split, &QPushButton::clicked, this, [this] {
        m_edits.splitLists(m_rule);
        emit structureChanged(std::nullopt);
    });
    auto* row = new QHBoxLayout;
    row->addWidget(note, 1);
    row->addWidget(split, 0, Qt::AlignTop);
    layout->addLayout(row);
}

QWidget* RuleCard::buildList(std::size_t list)
{
    auto* section = new QWidget(this);
    section->setObjectName(u"section"_s);
    auto* layout = new QVBoxLayout(section);
    layout->setContentsMargins(0, theme::spacing(1), 0, 0);
    layout->setSpacing(theme::spacing(1));
    auto* header = new QHBoxLayout;
    header->addWidget(makeOperatorBox(list));
    header->addWidget(makeAddCriterion(list));
    header->addStretch();
    if (rule().lists.size() > 1) {
        auto* remove = new QToolButton(section);
        remove->setText(tr("Remove section"));
        remove->setObjectName(u"removeSection"_s);
        remove->setAutoRaise(true);
        connect(remove, &QToolButton::clicked, this, [this, list] {
            m_edits.removeList(m_rule, list);
            emit structureChanged(std::nullopt);
        });
        header->addWidget(remove);
    }
    layout->addLayout(header);
    m_rows.emplace_back();
    const std::size_t count = rule().lists[list].criteria.size();
    for (std::size_t i = 0; i < count; ++i) {
        CriterionRow* row = makeRow({ m_rule, list, i });
        m_rows.back().push_back(row);
        layout->addWidget(row);
    }
    if (count == 0) {
        layout->addWidget(makeMutedLabel(tr("No condition yet."), section));
    }
    return section;
}

QComboBox* RuleCard::makeOperatorBox(std::size_t list)
{
    auto* box = new QComboBox(this);
    box->setObjectName(u"sectionOperator"_s);
    box->setAccessibleName(tr("How the conditions of section %1 combine").arg(list + 1));
    const Operator current = rule().lists[list].op;
    const std::vector<Operator> free = m_edits.freeOperators(m_rule);
    for (const Operator op :
        std::array { Operator::And, Operator::Or, Operator::Not, Operator::Nor }) {
        if (op == current || std::find(free.begin(), free.end(), op) != free.end()) {
            box->addItem(operatorTitle(op), static_cast<int>(op));
        }
    }
    box->setCurrentIndex(box->findData(static_cast<int>(current)));
    connect(box, &QComboBox::currentIndexChanged, this, [this, box, list] {
        m_edits.setOperator(m_rule, list, static_cast<Operator>(box->currentData().toInt()));
        emit structureChanged(std::nullopt);
    });
    return box;
}

QWidget* RuleCard::makeAddCriterion(std::size_t list)
{
    auto* button = new QPushButton(tr("Add condition"), this);
    button->setObjectName(u"addCriterion"_s);
    button->setToolTip(tr("Adds a condition to this section"));
    auto* menu = new QMenu(button);
    menu->setToolTipsVisible(true);
    const char* section = "";
    for (const CriterionType& type : criterionTypes()) {
        if (type.shape == CriterionShape::ReadOnly) {
            continue;
        }
        if (std::strcmp(section, type.section) != 0) {
            section = type.section;
            menu->addSection(criterionText(section));
        }
        QAction* action = menu->addAction(criterionText(type.title));
        action->setObjectName(type.name);
        action->setToolTip(criterionText(type.help));
        connect(action, &QAction::triggered, this, [this, list, name = type.name] {
            emit structureChanged(m_edits.addCriterion(m_rule, list, name));
        });
    }
    button->setMenu(menu);
    return button;
}

QWidget* RuleCard::makeAddList()
{
    auto* button = new QPushButton(tr("Add alternative section"), this);
    button->setObjectName(u"addSection"_s);
    button->setFlat(true);
    auto* menu = new QMenu(button);
    for (const Operator op : m_edits.freeOperators(m_rule)) {
        connect(menu->addAction(operatorTitle(op)), &QAction::triggered, this, [this, op] {
            m_edits.addList(m_rule, op);
            emit structureChanged(std::nullopt);
        });
    }
    button->setMenu(menu);
    button->setVisible(!menu->isEmpty());
    return button;
}

CriterionRow* RuleCard::makeRow(const CriterionPath& path)
{
    auto* row
        = new CriterionRow(rule().lists[path.list].criteria[path.criterion], m_environment, this);
    row->setMovable(m_edits.canMoveCriterion(path, -1), m_edits.canMoveCriterion(path, 1));
    connect(row, &CriterionRow::edited, this, [this, path](const policy::Criterion& criterion) {
        m_edits.setCriterion(path, criterion);
    });
    connect(row, &CriterionRow::moveRequested, this,
        [this, path](int by) { emit structureChanged(m_edits.moveCriterion(path, by)); });
    connect(row, &CriterionRow::removeRequested, this, [this, path] {
        m_edits.removeCriterion(path);
        emit structureChanged(std::nullopt);
    });
    return row;
}

CriterionRow* RuleCard::row(std::size_t list, std::size_t criterion) const
{
    const bool exists = list < m_rows.size() && criterion < m_rows[list].size();
    return exists ? m_rows[list][criterion] : nullptr;
}

QWidget* RuleCard::firstFocus() const
{
    return m_action;
}

void RuleCard::refreshSentence()
{
    const GroupCatalogPtr groups = m_environment.groups ? m_environment.groups() : nullptr;
    m_sentence->setText(ruleSentence(rule(), [&](const QString& id) {
        const GroupEntry* entry = groups ? groups->find(id) : nullptr;
        return entry == nullptr ? QString() : entry->name;
    }));
}

void RuleCard::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    paintSurface(this, palette().color(QPalette::Base), theme::outline(palette()));
    // The bar repeats what the word in the header says.
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::color(
        rule().action == Action::Allow ? theme::Role::Added : theme::Role::Removed, palette()));
    const qreal width = theme::spacing(1);
    painter.drawRoundedRect(
        QRectF(theme::spacing(1), theme::spacing(2), width, height() - 2 * theme::spacing(2)),
        width / 2, width / 2);
}

} // namespace portreeve
