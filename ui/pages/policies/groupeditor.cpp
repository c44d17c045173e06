// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/groupeditor.h"

#include "ui/models/policysentences.h"
#include "ui/pages/policies/grouppicker.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QComboBox>
#include <QFocusEvent>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStyleOptionToolButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace portreeve {

using policy::Value;

namespace {

constexpr int kLeastChars = 22; // room in which most names and ids can be read

/// The chosen group; as wide as there is room, its text elided where that is less than it needs.
class GroupChip final : public QToolButton
{
public:
    explicit GroupChip(QWidget* parent)
        : QToolButton(parent)
    {
        setIcon(theme::icon(u"group"_s));
        setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        setFocusPolicy(Qt::StrongFocus);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    }

protected:
    void initStyleOption(QStyleOptionToolButton* option) const override
    {
        QToolButton::initStyleOption(option);
        const int room = width() - iconSize().width() - theme::spacing(5);
        option->text = fontMetrics().elidedText(text(), Qt::ElideRight, room);
    }
};

} // namespace

GroupEditor::GroupEditor(PolicyEnvironment environment, QWidget* parent)
    : CriterionEditor(parent)
    , m_environment(std::move(environment))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(theme::spacing(1));
    m_op = new QComboBox(this);
    m_op->setObjectName(u"operator"_s);
    m_op->setAccessibleName(tr("Comparison"));
    m_op->addItem(tr("is a member of"), u"has"_s);
    m_op->addItem(tr("is only a member of"), u"is"_s);
    m_op->addItem(tr("is not a member of"), u"exclude"_s);
    makeValue();
    m_pick = new QToolButton(this);
    m_pick->setObjectName(u"pickGroup"_s);
    m_pick->setText(tr("Choose…"));
    m_pick->setToolTip(tr("Choose a group of the synced directory"));
    m_pick->setAccessibleName(tr("Choose a group"));
    m_name = makeTextLabel({}, this);
    m_name->setObjectName(u"groupName"_s);
    // On a line of its own: beside the comparison hardly a name could be read.
    grid->addWidget(m_op, 0, 0, 1, 2, Qt::AlignLeft);
    grid->addWidget(m_value, 1, 0);
    grid->addWidget(m_pick, 1, 1);
    grid->addWidget(m_name, 2, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    connect(m_op, &QComboBox::currentIndexChanged, this, &CriterionEditor::edited);
    connect(m_id, &QLineEdit::textChanged, this, [this] {
        showGroup();
        emit edited();
    });
    connect(m_chip, &QToolButton::clicked, this, &GroupEditor::editId);
    connect(m_pick, &QToolButton::clicked, this, &GroupEditor::pick);
}

void GroupEditor::makeValue()
{
    m_value = new QStackedWidget(this);
    m_value->setMinimumWidth(fontMetrics().averageCharWidth() * kLeastChars);
    m_value->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_chip = new GroupChip(m_value);
    m_chip->setObjectName(u"groupChip"_s);
    m_id = new QLineEdit(m_value);
    m_id->setObjectName(u"groupId"_s);
    m_id->setAccessibleName(tr("Group id"));
    m_id->setPlaceholderText(tr("Id of the group"));
    m_id->installEventFilter(this);
    m_value->addWidget(m_chip);
    m_value->addWidget(m_id);
}

bool GroupEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_id && event->type() == QEvent::FocusIn) {
        m_isEditingId = true;
    } else if (watched == m_id && event->type() == QEvent::FocusOut) {
        const auto reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason) {
            m_isEditingId = false;
            QMetaObject::invokeMethod(this, &GroupEditor::showGroup, Qt::QueuedConnection);
        }
    }
    return CriterionEditor::eventFilter(watched, event);
}

void GroupEditor::editId()
{
    m_isEditingId = true;
    showGroup();
    m_id->setFocus(Qt::OtherFocusReason);
    m_id->selectAll();
}

void GroupEditor::setData(const Value& data)
{
    const QSignalBlocker quietOp(m_op);
    const QSignalBlocker quietId(m_id);
    QString op = u"has"_s;
    m_original = data;
    if (const Value::Object* members = data.asObject()) {
        op = members->front().first;
        m_original = members->front().second;
    }
    m_originalText = valueText(m_original);
    m_op->setCurrentIndex(m_op->findData(op));
    m_id->setText(m_originalText);
    showGroup();
}

Value GroupEditor::data() const
{
    const QString id = m_id->text().trimmed();
    return Value(Value::Object {
        { m_op->currentData().toString(), id == m_originalText ? m_original : Value(id) } });
}

void GroupEditor::pick()
{
    const GroupCatalogPtr groups = m_environment.groups ? m_environment.groups() : nullptr;
    auto* picker = new GroupPicker(groups, this);
    picker->setAttribute(Qt::WA_DeleteOnClose);
    connect(picker, &GroupPicker::groupChosen, this, &GroupEditor::choose);
    picker->open();
}

void GroupEditor::choose(const QString& id)
{
    m_isEditingId = false;
    m_id->setText(id);
    m_value->currentWidget()->setFocus(Qt::OtherFocusReason);
}

void GroupEditor::showGroup()
{
    const GroupCatalogPtr groups = m_environment.groups ? m_environment.groups() : nullptr;
    const QString id = m_id->text().trimmed();
    const GroupEntry* entry = groups ? groups->find(id) : nullptr;
    const bool isNamed = entry != nullptr && !m_isEditingId;
    QString text;
    if (entry != nullptr) {
        text = tr("%1 — %2 · %Ln person(s)", nullptr, static_cast<int>(entry->effectiveMembers))
                   .arg(entry->name, entry->connection);
        m_chip->setText(text);
        m_chip->setAccessibleName(tr("Group %1").arg(text));
        m_chip->setToolTip(tr("%1, nested groups included\nId: %2\nPress to type another id")
                .arg(text, entry->id));
    }
    m_value->setCurrentWidget(isNamed ? static_cast<QWidget*>(m_chip) : m_id);
    m_name->setVisible(!isNamed);
    if (entry != nullptr) {
        m_name->setText(text);
        m_name->setRole(theme::Role::Muted);
    } else if (id.isEmpty()) {
        m_name->setText(tr("No group chosen: this condition holds for no one."));
        m_name->setRole(theme::Role::Warning);
    } else if (groups) {
        m_name->setText(tr("⚠ No synced group has this id: this condition is orphaned and holds "
                           "for no one. The proxy compares ids, not names."));
        m_name->setRole(theme::Role::Warning);
    } else {
        m_name->clear();
    }
}

bool fitsGroupEditor(const Value& data)
{
    const Value::Object* members = data.asObject();
    return members == nullptr || members->size() == 1;
}

} // namespace portreeve
