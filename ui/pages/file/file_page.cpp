// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/file/file_page.h"

#include "core/base/input_file.h"
#include "core/formats/registry.h"
#include "core/network/makers.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/screening.h"
#include "ui/document/setup.h"
#include "ui/models/role_names.h"
#include "ui/pages/file/equal_copies.h"
#include "ui/pages/file/file_lists.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text_list.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileInfo>
#include <QFrame>
#include <QLabel>
#include <QMenu>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeView>

#include <algorithm>
#include <filesystem>
#include <set>

namespace qs::ui {

namespace {

/// Widths of first columns, in characters.
constexpr int kNameWidth = 34;
constexpr int kKeyWidth = 28;
constexpr int kWhatWidth = 20;
constexpr auto kNetworkTask = "network"; ///< tag of the job that reads the graphs

struct FilesOnDisk {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
};

/// Those that somebody has: unpacked payloads are files of the model, too, under the name of the one that they come
/// from or a name of no file. A built-in model has none on disk.
FilesOnDisk filesOnDisk(const Model &model)
{
    std::set<std::filesystem::path> paths;
    FilesOnDisk onDisk;
    FilesOnDisk all;
    for (const auto &file : model.files) {
        all = {all.count + 1, all.bytes + file->size()};
        const QFileInfo disk(QString::fromStdString(file->path().native()));
        if (disk.exists() && paths.insert(file->path()).second)
            onDisk = {onDisk.count + 1, onDisk.bytes + static_cast<std::uint64_t>(disk.size())};
    }
    return onDisk.count > 0 ? onDisk : all;
}

QString sizeText(std::uint64_t size)
{
    constexpr std::uint64_t kSaysItAll = 1000; // below it the short form is exact
    return size < kSaysItAll ? text::exactBytes(size)
                             : FilePage::tr("%1 (%2)").arg(text::bytes(size), text::exactBytes(size));
}

QString formatText(const Model &model)
{
    const auto readers = formatReaders();
    const auto found = std::ranges::find(readers, model.format, &FormatReader::name);
    const QString name =
        found == readers.end() ? QString::fromStdString(model.format) : text::words((*found)->withSuffixes());
    const std::uint64_t files = filesOnDisk(model).count;
    return files > 1 ? FilePage::tr("%1, %2 files").arg(name, text::count(files)) : name;
}

std::size_t keptLayers(const Setup &setup)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < setup.model()->layers.size(); ++i)
        kept += !setup.canQuantize(i) && !setup.isStored(i) ? 1 : 0;
    return kept;
}

QString layersText(const Setup &setup, std::size_t kept)
{
    QStringList parts{text::count(setup.model()->layers.size())};
    if (setup.storedLayers() > 0)
        parts << FilePage::tr("%1 quantized in the file").arg(text::count(setup.storedLayers()));
    if (kept > 0)
        parts << FilePage::tr("%1 cannot be quantized").arg(text::count(kept));
    return text::listed(parts);
}

} // namespace

PageInfo FilePage::page()
{
    return {.id = QStringLiteral("file"),
            .icon = QStringLiteral("info"),
            .title = tr("&File"),
            .tip = tr("Format, metadata, tensors and remarks on the file"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * { return new FilePage(context.setup); },
            .panes = [](QWidget *page) -> QList<QWidget *> { return {static_cast<FilePage *>(page)->pane()}; }};
}

FilePage::FilePage(Setup *setup, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_title(new ElidedLabel)
    , m_path(new ElidedLabel)
    , m_facts(new ValueRows)
    , m_partRow(new QWidget)
    , m_part(new QComboBox)
    , m_copies(new EqualCopies(setup))
    , m_lists(new QTabWidget)
    , m_tensors(new TextList(tr("Tensors"), tr("This file holds no tensor.")))
    , m_metadata(new TextList(tr("Metadata"), tr("This file says nothing about itself.")))
    , m_remarks(new TextList(tr("Remarks"), tr("Nothing is odd about this file.")))
{
    m_title->setObjectName(QStringLiteral("panelTitle"));
    m_path->setObjectName(QStringLiteral("secondary"));
    // The end of a path tells more than its beginning.
    m_path->setElideMode(Qt::ElideMiddle);
    auto *head = new QFrame;
    head->setObjectName(QStringLiteral("panel"));
    auto *headLayout = new QVBoxLayout(head);
    headLayout->setContentsMargins(12, 10, 12, 10);
    headLayout->setSpacing(4);
    for (QWidget *widget : {static_cast<QWidget *>(m_title), static_cast<QWidget *>(m_path)})
        headLayout->addWidget(widget);
    headLayout->addSpacing(2);
    headLayout->addWidget(m_facts);
    auto *partLayout = new QHBoxLayout(m_partRow);
    partLayout->setContentsMargins(0, 2, 0, 0);
    auto *partName = new QLabel(tr("Part of the checkpoint"));
    partName->setObjectName(QStringLiteral("secondary"));
    partName->setBuddy(m_part);
    m_part->setAccessibleName(partName->text());
    m_part->setToolTip(tr("This file holds several models; one of them is open"));
    partLayout->addWidget(partName);
    partLayout->addWidget(m_part);
    partLayout->addStretch();
    headLayout->addWidget(m_partRow);
    headLayout->addWidget(m_copies);
    connect(m_part, &QComboBox::activated, this, [this] {
        if (m_part->currentData().toString().toStdString() != m_setup->model()->part)
            emit partRequested(m_part->currentData().toString());
        showParts(); // until it is open, and when it is refused
    });

    m_lists->setDocumentMode(true);
    m_lists->tabBar()->setUsesScrollButtons(true);
    for (TextList *list : {m_tensors, m_metadata, m_remarks})
        m_lists->addTab(list, QString());
    auto *body = new QFrame;
    body->setObjectName(QStringLiteral("panel"));
    auto *bodyLayout = new QVBoxLayout(body);
    bodyLayout->setContentsMargins(1, 1, 1, 1);
    bodyLayout->addWidget(m_lists);

    setUpTensors();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(10);
    layout->addWidget(head);
    layout->addWidget(body, 1);
    auto *view = new ResultView(this, [this](Changes changes) {
        // Which layers cannot be quantized is known when all of them were looked at.
        if (changes & Change::Model)
            showModel();
        else if (m_setup->analysis() == Setup::Analysis::Done && keptLayers(*m_setup) != m_kept)
            refreshLayers();
    });
    view->follow(setup, Change::Model | Change::Analysis);
    connect(&Screening::of(*setup), &Screening::changed, this, [this] {
        if (m_setup->model())
            refreshLayers();
    });
}

/// What a tensor is, is for the user to say in the end.
void FilePage::setUpTensors()
{
    m_tensors->setGivingWay(columnsOfTensorsThatGiveWay());
    m_tensors->setProperty("explains", QStringLiteral("file.tensors"));
    auto *menu = new QMenu(this);
    const auto add = [&](const QString &name, std::optional<Role> role) {
        connect(menu->addAction(name), &QAction::triggered, this, [this, role] {
            std::vector<std::size_t> tensors;
            for (const int row : m_tensors->selectedRows())
                tensors.push_back(static_cast<std::size_t>(row));
            if (!tensors.empty())
                changeRole(*m_setup, tensors, role);
        });
    };
    add(tr("From its name"), std::nullopt);
    menu->addSeparator();
    for (const Role role : roleChoices())
        add(roleName(role), role);
    auto *action = new QAction(tr("Role"), this);
    action->setObjectName(QStringLiteral("tensorRole"));
    action->setMenu(menu);
    m_tensors->view()->addAction(action);
}

void FilePage::count(TextList *list, const QString &name, qsizetype rows)
{
    m_lists->setTabText(m_lists->indexOf(list), tr("%1 %2").arg(name, text::count(static_cast<std::uint64_t>(rows))));
}

void FilePage::showModel()
{
    const auto &model = m_setup->model();
    m_title->setText(text::oneLine(model->title));
    showParts();
    m_path->setText(text::oneLine(model->path.native()));
    m_tensors->setRows(tensorRows(model), kNameWidth);
    m_metadata->setRows(metadataRows(model), kKeyWidth);
    count(m_tensors, tr("Tensors"), static_cast<qsizetype>(model->tensors.size()));
    count(m_metadata, tr("Metadata"), static_cast<qsizetype>(model->metadata.size()));
    m_network.clear();
    m_copies->forget();
    refreshLayers();
    m_lists->setCurrentWidget(m_tensors);
    askNetwork();
}

void FilePage::showParts()
{
    const Model &model = *m_setup->model();
    m_partRow->setVisible(model.parts.size() > 1);
    m_part->clear();
    if (model.part.empty())
        m_part->addItem(tr("All"), QString());
    for (const std::string &part : model.parts)
        m_part->addItem(text::oneLine(part), QString::fromStdString(part));
    m_part->setCurrentIndex(std::max(0, m_part->findData(QString::fromStdString(model.part))));
}

/// Only when somebody looks: the graphs are read for it.
void FilePage::askNetwork()
{
    TaskRunner &tasks = m_setup->document().tasks();
    tasks.drop(QLatin1String(kNetworkTask));
    const std::shared_ptr<const Model> model = m_setup->model();
    if (!model->graph)
        return;
    tasks.run(
        {QLatin1String(kNetworkTask), tr("Reading the graph …"), JobRank::View}, this,
        [model](const TaskContext &context) { return findNetwork(*model, {}, context); },
        [this](const Result<NetworkSearch> &search) {
            if (!search)
                return;
            m_network = search->network ? text::oneLine(summaryOf(*search->network))
                                        : tr("None: %1").arg(text::oneLine(search->reason));
            refreshLayers();
        });
}

void FilePage::refreshLayers()
{
    const Model &model = *m_setup->model();
    m_kept = keptLayers(*m_setup);
    QList<ValueRow> rows{
        {tr("Format"), formatText(model), tr("By the file's content, not by its name"), "file.format"}};
    if (!model.about.empty())
        rows << ValueRow{tr("About"), text::oneLine(model.about), tr("As the file's metadata says")};
    rows << ValueRow{tr("Size"), sizeText(filesOnDisk(model).bytes),
                     tr("%1 of them are weights").arg(text::exactBytes(model.bytes())), "file.size"}
         << ValueRow{tr("Tensors"), text::count(model.tensors.size()), {}, "file.tensors"}
         << ValueRow{tr("Parameters"), text::count(model.parameters()), tr("Elements of all weights and biases"),
                     "file.parameters"}
         << ValueRow{tr("Layers"), layersText(*m_setup, m_kept), tr("Weights that can be quantized, or are already"),
                     "file.layers"};
    if (!m_network.isEmpty())
        rows << ValueRow{tr("Network"), m_network, tr("Of the graph that the file carries"), "network.counts"};
    m_facts->setRows(rows);
    TextRows remarks = remarkRows(*m_setup, Screening::of(*m_setup).troubles());
    count(m_remarks, tr("Remarks"), remarks.count);
    m_remarks->setRows(std::move(remarks), kWhatWidth);
}

QWidget *FilePage::pane() const
{
    QWidget *view = static_cast<TextList *>(m_lists->currentWidget())->view();
    return view->isVisible() ? view : m_lists->tabBar();
}

void FilePage::showRemarks()
{
    m_lists->setCurrentWidget(m_remarks);
    m_remarks->view()->setFocus();
}

} // namespace qs::ui
