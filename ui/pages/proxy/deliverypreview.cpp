// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/deliverypreview.h"

#include "ui/models/deliverymodel.h"
#include "ui/models/planmodel.h"
#include "ui/models/targettext.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/focusreturn.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve {

DeliveryPreview::DeliveryPreview(QWidget* parent)
    : QWidget(parent)
    , m_model(new DeliveryModel(this))
    , m_fieldsModel(new AttributesModel(this))
    , m_accessModel(new AccessChangesModel(this))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
    , m_tabs(new QTabWidget(this))
    , m_changes(new TableView(u"deliveryChanges"_s, this))
    , m_fields(new TableView(u"deliveryFields"_s, this))
    , m_access(new TableView(u"deliveryAccess"_s, this))
    , m_remarks(new QWidget(this))
    , m_remarkLines(new QVBoxLayout(m_remarks))
    , m_summary(makeTextLabel({}, this))
    , m_held(makeTextLabel({}, this))
    , m_foreignLine(new QWidget(this))
    , m_foreign(new QComboBox(this))
    , m_deliver(new QPushButton(this))
{
    m_summary->setObjectName(u"deliverySummary"_s);
    m_held->setObjectName(u"deliveryHeld"_s);
    m_held->setRole(theme::Role::Held);
    m_deliver->setObjectName(u"deliverButton"_s);
    m_changes->setObjectName(u"deliveryChanges"_s);
    m_fields->setObjectName(u"deliveryFields"_s);
    m_access->setObjectName(u"deliveryAccess"_s);
    m_changes->setAccessibleName(tr("What would change"));
    m_fields->setAccessibleName(tr("Fields of the chosen change"));
    m_access->setAccessibleName(tr("Who gains or loses which route"));
    m_changes->setRowsModel(m_model);
    m_fields->setRowsModel(m_fieldsModel);
    m_fields->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_access->setRowsModel(m_accessModel);
    m_empty->setContent({ .icon = u"changes"_s,
        .title = tr("See first what would change"),
        .text = tr("Portreeve reads what the proxy holds, compares, and writes nothing."),
        .buttonText = tr("&Compare now") });
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Remarks"));
    scroll->setWidget(m_remarks);
    m_tabs->setObjectName(u"deliveryTabs"_s);
    m_tabs->addTab(buildChanges(), tr("Changes"));
    m_tabs->addTab(m_access, tr("Access"));
    m_tabs->addTab(scroll, tr("Remarks"));
    auto* shown = new QWidget(this);
    auto* layout = new QVBoxLayout(shown);
    layout->setContentsMargins(0, theme::spacing(3), 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_summary);
    layout->addWidget(m_held);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(buildBar());
    m_stack->addWidget(m_empty);
    m_stack->addWidget(shown);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    connect(m_empty, &EmptyState::actionRequested, this,
        [this] { emit planRequested(foreignChoice()); });
    connect(m_changes, &TableView::currentRowChanged, this, [this](std::optional<Row> row) {
        m_fieldsModel->setAttributes(
            row ? m_model->change(*row).fields : std::vector<AttributeChange>());
        m_fields->resizeRowsToContents(); // the text of a policy has many lines
    });
    new FocusReturn({ m_deliver }, this);
    setPlan(nullptr, false);
}

QWidget* DeliveryPreview::buildChanges()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_changes);
    split->addWidget(m_fields);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 1);
    return split;
}

QWidget* DeliveryPreview::buildBar()
{
    auto* bar = new QWidget(this);
    auto* label = new QLabel(tr("Records of &others:"), m_foreignLine);
    label->setBuddy(m_foreign);
    m_foreign->setObjectName(u"foreignChoice"_s);
    const auto choice = [this](const QString& text, DeliveryChoices::Foreign value) {
        m_foreign->addItem(text, foreignChoiceName(value));
    };
    choice(tr("Decide later"), DeliveryChoices::Foreign::LeaveAlone);
    choice(tr("Make them ours"), DeliveryChoices::Foreign::Adopt);
    choice(tr("Delete them"), DeliveryChoices::Foreign::Delete);
    choice(tr("Leave them alone for good"), DeliveryChoices::Foreign::Keep);
    connect(m_foreign, &QComboBox::currentIndexChanged, this,
        [this] { emit planRequested(foreignChoice()); });
    auto* foreign = new QHBoxLayout(m_foreignLine);
    foreign->setContentsMargins(0, 0, 0, 0);
    foreign->addWidget(label);
    foreign->addWidget(m_foreign);
    connect(m_deliver, &QPushButton::clicked, this, [this] {
        if (m_plan->verdict != Verdict::Held) {
            emit deliverRequested(m_plan->planHash, false, foreignChoice());
            return;
        }
        ConfirmDialog::confirm(this,
            { .title = tr("Deliver what is held to “%1”").arg(m_targetName),
                .text = m_held->text(),
                .details = summary(),
                .verb = tr("&Deliver all the same") },
            [this, hash = m_plan->planHash] {
                emit deliverRequested(hash, true, foreignChoice());
            });
    });
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, theme::spacing(3));
    layout->addWidget(m_foreignLine);
    layout->addStretch(1);
    layout->addWidget(m_deliver);
    return bar;
}

void DeliveryPreview::setPlan(const DeliveryPlanPtr& plan, bool isReadOnly)
{
    m_plan = plan;
    m_isReadOnly = isReadOnly;
    m_changes->expectOtherRows();
    m_model->setPlan(plan);
    m_fieldsModel->setAttributes({});
    m_accessModel->setChanges(plan ? AccessChangesModel::Changes(plan, &plan->access) : nullptr);
    m_stack->setCurrentIndex(plan ? 1 : 0);
    if (!plan) {
        return;
    }
    const qint64 left = std::ssize(plan->refusals) + std::ssize(plan->blocked);
    m_summary->setText(left == 0
            ? summary()
            : summary() + tr(" · Cannot be delivered: %1, see the remarks").arg(countText(left)));
    m_summary->setRole(left == 0 ? std::nullopt : std::optional(theme::Role::Error));
    QStringList reasons;
    for (const Message& reason : plan->heldReasons) {
        reasons << reason.translated();
    }
    m_held->setText(reasons.join(u' '));
    m_held->setVisible(!reasons.isEmpty());
    m_foreignLine->setVisible(!plan->foreign.empty() || m_foreign->currentIndex() > 0);
    const bool isHeld = plan->verdict == Verdict::Held;
    m_deliver->setText(isHeld ? tr("&Deliver all the same…") : tr("&Deliver"));
    m_deliver->setDefault(!isHeld);
    refreshButtons();
    m_tabs->setTabText(0, tr("Changes (%1)").arg(countText(qint64(plan->changes.size()))));
    m_tabs->setTabText(1,
        plan->accessKnown ? tr("Access (%1)").arg(countText(qint64(plan->access.size())))
                          : tr("Access (not known)"));
    fillRemarks();
}

void DeliveryPreview::setBusy(bool isBusy)
{
    m_isBusy = isBusy;
    refreshButtons();
}

void DeliveryPreview::refreshButtons()
{
    m_foreign->setEnabled(!m_isBusy);
    const bool isEmpty = !m_plan || m_plan->isEmpty();
    m_deliver->setEnabled(!isEmpty && !m_isReadOnly && !m_isBusy);
    m_deliver->setToolTip(m_isReadOnly ? tr("This proxy is read only: its settings say so.")
            : isEmpty                  ? tr("Nothing to deliver")
            : m_isBusy                 ? tr("Something is going on at the proxy.")
                                       : QString());
}

void DeliveryPreview::fillRemarks()
{
    m_shownRemarks.clear();
    while (auto* item = m_remarkLines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto& error : m_plan->blocked) {
        addRemark(u"error"_s, error.what.translated() + u' ' + error.remedy.translated());
    }
    addRemarks(tr("Cannot be delivered"), u"error"_s, m_plan->refusals);
    addRemarks(tr("Somebody else has it"), u"warning"_s, m_plan->conflicts);
    addRemarks(tr("Records of others"), u"warning"_s, m_plan->foreign);
    addRemarks(tr("Seen at the proxy"), u"warning"_s, m_plan->warnings);
    for (const auto& file : m_plan->files) {
        addRemark(u"export"_s,
            file.differs ? tr("%1 is replaced.").arg(file.path)
                         : tr("%1 is up to date.").arg(file.path));
    }
    for (const auto& note : m_plan->notes) {
        addRemark(u"info"_s, note.translated());
    }
    m_tabs->setTabText(2, tr("Remarks (%1)").arg(m_remarkLines->count()));
    m_remarkLines->addStretch(1);
}

void DeliveryPreview::addRemarks(
    const QString& title, const QString& icon, const std::vector<DeliveryRow>& rows)
{
    constexpr std::size_t most = 50; // the rest is counted: a person reads no thousand lines
    for (std::size_t i = 0; i < std::min(rows.size(), most); ++i) {
        const DeliveryRow& row = rows[i];
        const QString name = row.name.isEmpty() ? row.id : row.name;
        addRemark(icon,
            tr("%1: %2 “%3”. %4 %5")
                .arg(title, deliveredKindText(row.kind), name, row.what.translated(),
                    row.remedy.translated())
                .trimmed());
    }
    if (rows.size() > most) {
        addRemark(icon, tr("%1: %2 more").arg(title, countText(qint64(rows.size() - most))));
    }
}

void DeliveryPreview::addRemark(const QString& icon, const QString& text)
{
    if (m_shownRemarks.contains(text)) {
        return;
    }
    m_shownRemarks.insert(text);
    auto* line = new QWidget(m_remarks);
    auto* mark = new IconLabel(line);
    const auto role = icon == u"error" ? theme::Role::Error
        : icon == u"warning"           ? theme::Role::Warning
                                       : theme::Role::Muted;
    mark->setIcon(theme::icon(icon, role), theme::iconExtent());
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(mark, 0, Qt::AlignTop);
    layout->addWidget(makeTextLabel(text, line), 1);
    m_remarkLines->addWidget(line);
}

QString DeliveryPreview::summary() const
{
    if (m_plan->isEmpty()) {
        return m_plan->refusals.empty() && m_plan->blocked.empty()
            ? tr("The proxy holds what it should: nothing to deliver.")
            : tr("Nothing that can be delivered would change anything.");
    }
    const PushCounts& counts = m_plan->counts;
    QString text = tr("Users: %1 · Groups: %2 · Policies: %3 · Routes: %4")
                       .arg(deliveryCountsText(counts.users), deliveryCountsText(counts.groups),
                           deliveryCountsText(counts.policies), deliveryCountsText(counts.routes));
    if (m_plan->accessKnown) {
        const auto lost = std::ranges::count(m_plan->access, false, &AccessChange::gained);
        text += tr(" · Access lost: %1").arg(countText(qint64(lost)));
    }
    return text;
}

void DeliveryPreview::forgetChoice()
{
    const QSignalBlocker quiet(m_foreign);
    m_foreign->setCurrentIndex(0);
}

DeliveryChoices::Foreign DeliveryPreview::foreignChoice() const
{
    return foreignChoiceFromName(m_foreign->currentData().toString())
        .value_or(DeliveryChoices::Foreign::LeaveAlone);
}

} // namespace portreeve
