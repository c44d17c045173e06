// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/pushhistorypanel.h"

#include "ui/models/pushesmodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"

#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kShown = 500;
}

PushHistoryPanel::PushHistoryPanel(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new PushesModel(this))
    , m_message(new MessageBar(this))
    , m_stack(new QStackedWidget(this))
    , m_table(new TableView(u"pushes"_s, this))
    , m_empty(new EmptyState(this))
    , m_notes(makeTextLabel({}, this))
{
    m_table->setObjectName(u"pushes"_s);
    m_table->setAccessibleName(tr("Deliveries"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowsModel(m_model);
    m_empty->setContent({ .icon = u"history"_s,
        .title = tr("Nothing delivered yet"),
        .text = tr("Every delivery is kept here with what it did.") });
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    m_notes->setObjectName(u"pushNotes"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(3), 0, 0);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_notes);
    connect(m_table, &TableView::currentRowChanged, this, [this](std::optional<Row> row) {
        QStringList lines;
        if (row) {
            const PushRecord& push = m_model->push(*row);
            if (push.error) {
                lines << push.error->what.translated() << push.error->remedy.translated();
            }
            lines.append({ push.notes.begin(), push.notes.end() });
        }
        lines.removeAll(QString());
        m_notes->setText(lines.join(u'\n'));
    });
}

void PushHistoryPanel::showTarget(const QString& targetId)
{
    m_targetId = targetId;
    m_model->setPushes({}, m_context.clock.nowUtc());
    refresh();
}

void PushHistoryPanel::refresh()
{
    if (m_targetId.isEmpty()) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_context.store.run([id = m_targetId](Store& store) { return store.pushes().list(id, kShown); })
        .then(this, [this, request = ++m_request](const Result<std::vector<PushRecord>>& pushes) {
            if (request != m_request) {
                return;
            }
            if (!pushes) {
                m_message->showError(pushes.error());
                return;
            }
            m_model->setPushes(*pushes, m_context.clock.nowUtc());
            m_stack->setCurrentWidget(
                pushes->empty() ? static_cast<QWidget*>(m_empty) : static_cast<QWidget*>(m_table));
        });
}

} // namespace portreeve
