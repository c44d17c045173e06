// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/exportdialog.h"

#include "core/base/runtask.h"
#include "core/proxy/exportsource.h"
#include "core/proxy/filereplace.h"
#include "ui/pages/policies/refusalsmodel.h"
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

bool isConfigFile(ExportFormat format)
{
    return format == ExportFormat::Fragment || format == ExportFormat::ManagedFile
        || format == ExportFormat::ManagedBlock;
}

/// What one writing came to: what was refused after all, or whether the file changed.
struct Written
{
    std::vector<ExportRefusal> refusals {};
    bool changed = false;
};

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

Result<ExportedText> preview(const ExportSource& source, ExportRequest request, const QString& base)
{
    if (request.format == ExportFormat::ManagedFile && !base.isEmpty()) {
        auto file = readFile(base);
        if (!file) {
            return file.error();
        }
        request.operatorFile = std::move(*file);
    }
    if (isConfigFile(request.format)) {
        request.format = ExportFormat::Fragment; // the operator's own settings hold secrets
    }
    return exportText(source, request);
}

Result<Written> writeExport(
    const ExportSource& source, ExportRequest request, const QString& base, const QString& target)
{
    const bool merges = request.format == ExportFormat::ManagedFile;
    if (merges || request.format == ExportFormat::ManagedBlock) {
        auto file = readFile(merges ? base : target);
        if (!file) {
            return file.error();
        }
        request.operatorFile = std::move(*file);
    }
    auto exported = exportText(source, request);
    if (!exported) {
        return exported.error();
    }
    if (!exported->prepared.refusals.empty()) {
        return Written { .refusals = std::move(exported->prepared.refusals) };
    }
    const auto changed = replaceFile(target, exported->text);
    return changed ? Result<Written>(Written { .changed = *changed }) : changed.error();
}

} // namespace

ExportDialog::ExportDialog(const AppContext& context, QWidget* parent)
    : InReadingOrder(parent)
    , m_context(context)
{
    setObjectName(u"exportDialog"_s);
    setWindowTitle(tr("Export for the proxy"));
    makeChoices();
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
    top->addWidget(m_edition);
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
    for (const auto* choice : { m_shape, m_edition }) {
        connect(choice, &QComboBox::currentIndexChanged, this, &ExportDialog::prepare);
    }
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

void ExportDialog::makeChoices()
{
    m_shape = new QComboBox(this);
    m_shape->setObjectName(u"shape"_s);
    m_shape->setAccessibleName(tr("Shape of the export"));
    const auto addShape = [this](const QString& text, ExportFormat format) {
        m_shape->addItem(text, static_cast<int>(format));
    };
    addShape(tr("Fragment to paste"), ExportFormat::Fragment);
    addShape(tr("Managed file"), ExportFormat::ManagedFile);
    addShape(tr("Managed block"), ExportFormat::ManagedBlock);
    m_shape->insertSeparator(m_shape->count());
    addShape(tr("Kubernetes Ingress"), ExportFormat::IngressAnnotations);
    addShape(tr("Kubernetes Gateway"), ExportFormat::PolicyFilters);
    addShape(tr("Terraform"), ExportFormat::Terraform);
    m_edition = new QComboBox(this);
    m_edition->setObjectName(u"edition"_s);
    m_edition->setAccessibleName(tr("Edition of the proxy"));
    const auto addEdition = [this](const QString& text, policy::Edition edition) {
        m_edition->addItem(text, static_cast<int>(edition));
    };
    addEdition(tr("Open source"), policy::Edition::Core);
    addEdition(tr("Zero"), policy::Edition::Zero);
    addEdition(tr("Enterprise"), policy::Edition::Enterprise);
}

ExportFormat ExportDialog::format() const
{
    return static_cast<ExportFormat>(m_shape->currentData().toInt());
}

policy::Edition ExportDialog::edition() const
{
    return isConfigFile(format()) ? policy::Edition::Core
                                  : static_cast<policy::Edition>(m_edition->currentData().toInt());
}

void ExportDialog::load()
{
    m_context.store.run([](Store& store) { return loadExportSource(store); })
        .then(this, [this](const Result<ExportSource>& source) {
            if (!source) {
                m_message->showError(source.error());
                return;
            }
            m_source = std::make_shared<const ExportSource>(*source);
            prepare();
        });
}

void ExportDialog::prepare()
{
    m_ready = false;
    refresh();
    if (m_source == nullptr) {
        return;
    }
    const ExportRequest request { .format = format(), .target = { .edition = edition() } };
    runTask(m_context.workers, [source = m_source, request, base = m_base] {
        return preview(*source, request, base);
    }).then(this, [this, round = ++m_round](const Result<ExportedText>& exported) {
        if (round == m_round) {
            take(exported);
        }
    });
}

void ExportDialog::take(const Result<ExportedText>& exported)
{
    if (!exported) {
        m_text->clear();
        m_message->showError(exported.error());
        return;
    }
    QStringList notes;
    for (const auto& note : exported->notes) {
        notes << note.translated();
    }
    if (notes.isEmpty()) {
        m_message->dismiss();
    } else {
        m_message->showMessage(MessageBar::Kind::Warning, notes.join(u'\n'));
    }
    m_text->setPlainText(QString::fromUtf8(exported->text));
    showRefusals(exported->prepared.refusals);
    const auto& prepared = exported->prepared;
    const bool isEmpty = prepared.routes.empty() && prepared.policies.empty();
    if (isEmpty && !m_isRefused) {
        m_message->showMessage(MessageBar::Kind::Info,
            tr("There is nothing to export yet: a policy goes to the proxy with a route that uses "
               "it. Add one under Routes."));
    }
    m_ready = !m_isRefused && !isEmpty;
    refresh();
}

void ExportDialog::showRefusals(const std::vector<ExportRefusal>& refusals)
{
    m_isRefused = !refusals.empty();
    m_refusals->setRefusals(refusals);
    m_refused->setText(tr("Nothing is written until these %n problem(s) are solved:", nullptr,
        static_cast<int>(refusals.size())));
}

void ExportDialog::refresh()
{
    const bool merges = format() == ExportFormat::ManagedFile;
    m_refused->setVisible(m_isRefused);
    m_table->setVisible(m_isRefused);
    m_text->setVisible(!m_isRefused);
    m_copy->setEnabled(m_ready);
    m_edition->setVisible(!isConfigFile(format()));
    m_chooseBase->setVisible(merges);
    m_write->setEnabled(m_ready && (!merges || !m_base.isEmpty()));
    m_explanation->setText(explanation());
}

QString ExportDialog::explanation() const
{
    switch (format()) {
    case ExportFormat::Fragment:
        return tr("Only the routes, for pasting into a configuration.");
    case ExportFormat::ManagedFile:
        return m_base.isEmpty()
            ? tr("Your own base file and these routes, merged into a file of its own. Its "
                 "comments are not kept.")
            : tr("Base: %1").arg(m_base);
    case ExportFormat::ManagedBlock:
        return tr("Replaces the lines between the two Portreeve marks; every other byte stays.");
    case ExportFormat::IngressAnnotations:
        return tr("One patch for each route, which gives its Ingress the policy annotation.");
    case ExportFormat::PolicyFilters:
        return tr("One PolicyFilter for each policy, for the rules of an HTTPRoute.");
    case ExportFormat::Terraform:
        return tr("Policies and routes as resources; the secret stays a variable.");
    }
    return {};
}

void ExportDialog::chooseBase()
{
    auto* dialog = new QFileDialog(this, tr("Base file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_base = file;
        prepare();
    });
    dialog->open();
}

void ExportDialog::chooseTarget()
{
    const bool block = format() == ExportFormat::ManagedBlock;
    auto* dialog = new QFileDialog(this, tr("Write the export"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(block ? QFileDialog::AcceptOpen : QFileDialog::AcceptSave);
    dialog->setFileMode(block ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
    dialog->setDefaultSuffix(format() == ExportFormat::Terraform ? u"tf"_s : u"yaml"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::write);
    dialog->open();
}

void ExportDialog::write(const QString& target)
{
    const ExportRequest request { .format = format(), .target = { .edition = edition() } };
    runTask(m_context.workers, [source = m_source, request, base = m_base, target] {
        return writeExport(*source, request, base, target);
    }).then(this, [this, target, request](const Result<Written>& written) {
        if (!written) {
            m_message->showError(written.error());
            return;
        }
        if (!written->refusals.empty()) {
            m_ready = false;
            showRefusals(written->refusals);
            refresh();
            return;
        }
        const QString changed = isConfigFile(request.format)
            ? tr("%1 was written. The proxy takes it up when it reads the file.")
            : tr("%1 was written.");
        m_message->showMessage(MessageBar::Kind::Success,
            (written->changed ? changed : tr("%1 already says the same.")).arg(target));
    });
}

} // namespace portreeve
