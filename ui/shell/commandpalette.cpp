// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/commandpalette.h"

#include "ui/theme/theme.h"
#include "ui/widgets/searchedit.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool matches(const CommandPalette::Command& command, const QStringList& words)
{
    return std::all_of(words.begin(), words.end(), [&command](const QString& word) {
        return command.text.contains(word, Qt::CaseInsensitive)
            || command.note.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace

CommandPalette::CommandPalette(std::vector<Command> commands, QWidget* parent)
    : InReadingOrder(parent)
    , m_commands(std::move(commands))
    , m_search(new SearchEdit(tr("Search pages, actions and connections"), this))
    , m_list(new QListWidget(this))
{
    setObjectName(u"commandPalette"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Commands"));
    m_list->setObjectName(u"commandList"_s);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus); // arrow keys work from the search field
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    resize(fontMetrics().averageCharWidth() * 84, fontMetrics().height() * 24);
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    filter({});
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_search || event->type() != QEvent::KeyPress) {
        return QDialog::eventFilter(watched, event);
    }
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = m_list->currentRow();
    if (key == Qt::Key_Down || key == Qt::Key_Up) {
        const int next = key == Qt::Key_Down ? row + 1 : row - 1;
        m_list->setCurrentRow(std::clamp(next, 0, std::max(m_list->count() - 1, 0)));
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        runCurrent();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

void CommandPalette::filter(const QString& text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    m_list->clear();
    for (std::size_t index = 0; index < m_commands.size(); ++index) {
        const Command& command = m_commands[index];
        if (!matches(command, words)) {
            continue;
        }
        const QString line
            = command.note.isEmpty() ? command.text : command.text + u"   —   "_s + command.note;
        // Without an icon of its own too, so that all texts begin at one place.
        const QIcon icon = command.icon.isNull() ? theme::icon(u"commands"_s) : command.icon;
        auto* item = new QListWidgetItem(icon, line, m_list);
        item->setData(Qt::UserRole, QVariant::fromValue(index));
        item->setSizeHint({ 0, fontMetrics().height() + theme::spacing(4) });
    }
    if (m_list->count() == 0) {
        auto* none = new QListWidgetItem(tr("No page, action or connection is called so."), m_list);
        none->setFlags(Qt::NoItemFlags);
        return;
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent()
{
    const auto* item = m_list->currentItem();
    if (item == nullptr) {
        return;
    }
    const auto run = m_commands[item->data(Qt::UserRole).value<std::size_t>()].run;
    accept();
    run();
}

} // namespace portreeve
