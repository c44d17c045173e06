// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/exportdialog.h"

#include "core/base/runtask.h"
#include "core/proxy/filereplace.h"
#include "core/proxy/managedfile.h"
#include "ui/theme/theme.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Result<ExportSource> readSource(Store& store)
{
    auto routes = store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    const auto view = store.directory().loadView();
    if (!view) {
        return view.error();
    }
    std::vector<Tombstone> tombstones;
    for (const ConnectionDirectory& connection : (*view)->connections) {
        auto removed = store.directory().tombstones(connection.connectionId);
        if (!removed) {
            return removed.error();
        }
        tombstones.insert(tombstones.end(), removed->begin(), removed->end());
    }
    ExportSource source;
    source.routes = std::move(*routes);
    source.policies = std::move(*policies);
    source.target.configFile = true;
    source.groups = access::ExportedGroups(**view, tombstones);
    return source;
}

Result<QByteArray> readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return Error { .code = ErrorCode::Storage,
            .what = message(QT_TRANSLATE_NOOP("Message", "The file “%1” could not be read."), path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Choose a file you may read.")),
            .detail = file.errorString() };
    }
    return file.readAll();
}

} // namespace

RefusalsModel::RefusalsModel(QObject* parent)
    : RowsModel(
          { { .id = u"route"_s, .title = tr("Route"), .widthChars = 18, .sortable = false },
              { .id = u"policy"_s, .title = tr("Policy"), .widthChars = 18, .sortable = false },
              { .id = u"reason"_s, .title = tr("Why not"), .widthChars = 50, .sortable = false },
              { .id = u"fix"_s, .title = tr("What helps"), .widthChars = 40, .sortable = false } },
          parent)
{
}

void RefusalsModel::setRefusals(std::vector<ExportRefusal> refusals)
{
    swapRows(naturalOrder(refusals.size()), [&] { m_refusals = std::move(refusals); });
}

QString RefusalsModel::rowKey(Row row) const
{
    return QString::number(row);
}

QVariant RefusalsModel::cell(Row row, int column, int role) const
{
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    const ExportRefusal& refusal = m_refusals[row];
    switch (column) {
    case Route:
        return refusal.routeName;
    case Policy:
        return refusal.policyName;
    case Reason:
        return refusal.reason.translated();
    case Fix:
        return refusal.fix.translated();
    default:
        return {};
    }
}

ExportDialog::ExportDialog(AppContext context, QWidget* parent)
    : QDialog(parent)
    , m_context(context)
{
    setObjectName(u"exportDialog"_s);
    setWindowTitle(tr("Export for the proxy"));
    m_shape = new QComboBox(this);
    m_shape->setObjectName(u"shape"_s);
    m_shape->setAccessibleName(tr("Shape of the export"));
    m_shape->addItem(tr("Fragment to paste"), static_cast<int>(Shape::Fragment));
    m_shape->addItem(tr("Managed file"), static_cast<int>(Shape::ManagedFile));
    m_shape->addItem(tr("Managed block"), static_cast<int>(Shape::ManagedBlock));
    m_chooseBase = new QPushButton(tr("&Base file…"), this);
    m_explanation = makeMutedLabel({}, this);
    m_message = new MessageBar(this);
    m_refused = makeTextLabel({}, this);
    m_refused->setRole(theme::Role::Error);
    m_refusals = new RefusalsModel(this);
    m_table = new TableView(u"exportRefusals"_s, this);
    m_table->setObjectName(u"refusals"_s);
    m_table->setAccessibleName(tr("What cannot be exported"));
    m_table->setRowsModel(m_refusals);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"text"_s);
    m_text->setAccessibleName(tr("Text of the export"));
    m_text->setReadOnly(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    m_write = buttons->addButton(tr("&Write…"), QDialogButtonBox::ActionRole);
    auto* top = new QHBoxLayout;
    top->addWidget(m_shape);
    top->addWidget(m_chooseBase);
    top->addWidget(m_explanation, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(theme::spacing(2));
    layout->addLayout(top);
    layout->addWidget(m_message);
    layout->addWidget(m_refused);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_text, 1);
    layout->addWidget(buttons);
    connect(m_shape, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
    connect(m_chooseBase, &QPushButton::clicked, this, &ExportDialog::chooseBase);
    connect(m_copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_text->toPlainText()); });
    connect(m_write, &QPushButton::clicked, this, &ExportDialog::chooseTarget);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const QFontMetrics metrics = fontMetrics();
    resize(metrics.averageCharWidth() * 120, metrics.height() * 34);
    refresh();
    load();
}

ExportDialog::Shape ExportDialog::shape() const
{
    return static_cast<Shape>(m_shape->currentData().toInt());
}

void ExportDialog::load()
{
    m_context.store
        .run([](Store& store) -> Result<PreparedExport> {
            const auto source = readSource(store);
            if (!source) {
                return source.error();
            }
            return prepareExport(*source);
        })
        .then(this, [this](const Result<PreparedExport>& prepared) { take(prepared); });
}

void ExportDialog::take(const Result<PreparedExport>& prepared)
{
    if (!prepared) {
        m_message->showError(prepared.error());
        return;
    }
    m_prepared = *prepared;
    m_refusals->setRefusals(m_prepared.refusals);
    m_ready = m_prepared.refusals.empty() && !m_prepared.routes.empty();
    if (m_prepared.refusals.empty()) {
        const auto text = writeFragment(m_prepared.routes);
        m_ready = m_ready && text.hasValue();
        if (text) {
            m_text->setPlainText(QString::fromUtf8(*text));
        } else {
            m_message->showError(text.error());
        }
    }
    refresh();
}

void ExportDialog::refresh()
{
    const bool refused = !m_prepared.refusals.empty();
    m_refused->setText(tr("Nothing is written until these %n problem(s) are solved:", nullptr,
        static_cast<int>(m_prepared.refusals.size())));
    m_refused->setVisible(refused);
    m_table->setVisible(refused);
    m_text->setVisible(!refused);
    m_copy->setEnabled(m_ready);
    m_chooseBase->setVisible(shape() == Shape::ManagedFile);
    m_write->setEnabled(m_ready && (shape() != Shape::ManagedFile || !m_base.isEmpty()));
    switch (shape()) {
    case Shape::Fragment:
        m_explanation->setText(tr("Only the routes, for pasting into a configuration."));
        break;
    case Shape::ManagedFile:
        m_explanation->setText(m_base.isEmpty()
                ? tr("Your own base file and these routes, merged into a file of its own. Its "
                     "comments are not kept.")
                : tr("Base: %1").arg(m_base));
        break;
    case Shape::ManagedBlock:
        m_explanation->setText(
            tr("Replaces the lines between the two Portreeve marks; every other byte stays."));
        break;
    }
}

void ExportDialog::chooseBase()
{
    auto* dialog = new QFileDialog(this, tr("Base file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_base = file;
        refresh();
    });
    dialog->open();
}

void ExportDialog::chooseTarget()
{
    const bool block = shape() == Shape::ManagedBlock;
    auto* dialog = new QFileDialog(this, tr("Write the export"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(block ? QFileDialog::AcceptOpen : QFileDialog::AcceptSave);
    dialog->setFileMode(block ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
    dialog->setDefaultSuffix(u"yaml"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::write);
    dialog->open();
}

void ExportDialog::write(const QString& target)
{
    runTask(m_context.workers,
        [shape = shape(), base = m_base, target, routes = m_prepared.routes]() -> Result<bool> {
            Result<QByteArray> text = writeFragment(routes);
            if (shape != Shape::Fragment) {
                const auto old = readFile(shape == Shape::ManagedFile ? base : target);
                if (!old) {
                    return old.error();
                }
                text = shape == Shape::ManagedFile ? mergeIntoBase(*old, routes)
                                                   : replaceManagedBlock(*old, routes);
            }
            if (!text) {
                return text.error();
            }
            return replaceFile(target, *text);
        })
        .then(this, [this, target](const Result<bool>& written) {
            if (!written) {
                m_message->showError(written.error());
                return;
            }
            m_message->showMessage(MessageBar::Kind::Success,
                *written ? tr("%1 was written. The proxy takes it up when it reads the file.")
                               .arg(target)
                         : tr("%1 already says the same.").arg(target));
        });
}

} // namespace portreeve
